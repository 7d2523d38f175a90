"""Game «¿Qué sigue?»: three beginnings of verse, and the recorded bets of a model on what comes next."""
