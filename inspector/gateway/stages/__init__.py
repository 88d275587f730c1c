"""The stages of the pipeline, one file each, in the order in which Amazon applies them."""
