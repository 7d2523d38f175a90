"""The places a model can come from, one file each: a folder, the Hugging Face Hub, wheels on a package index."""
