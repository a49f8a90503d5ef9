"""Where bytes lie: blobs by digest, and the uploads that will become blobs."""
