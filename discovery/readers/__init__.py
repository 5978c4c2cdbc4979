"""Reading the files of a dataset, whatever they are written in: one function for each kind."""
