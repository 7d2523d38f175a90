"""Sample history of a training: the texts that are written again at each evaluation."""
