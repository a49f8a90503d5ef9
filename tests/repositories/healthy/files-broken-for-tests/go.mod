module example.com/compose-critic

go 1.23
