"""Fairness probe («¿Es justo?»): likelihood of one continuation after two beginnings."""
