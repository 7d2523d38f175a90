"""Components of app 1: model picker, next-token chart, sampling controls."""
