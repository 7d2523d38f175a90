"""Card of the model in use («¿Qué es Hugging Face?»): its parts pointed at, and what it leaves out."""
