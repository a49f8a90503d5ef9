"""What owners decide beforehand: tags that stay where they are, versions that go when they are old, room that ends."""
