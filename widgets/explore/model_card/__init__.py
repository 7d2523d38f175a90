"""Card of the model in use («Dónde viven los modelos: Hugging Face»): its parts pointed at, and what it leaves out."""
