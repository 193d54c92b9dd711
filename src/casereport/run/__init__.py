"""One run: the notebooks by papermill in warm kernels, what is stale, the output folder, its manifest."""
