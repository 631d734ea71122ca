# A power cut at dusk takes down daemon and relays; both return later with the relays off. A running load counts as
# stopped by a fault when it is first seen off, and rests; nothing is switched on before that.
18:00:00  v=53.00 pv=0 house=800       | stage=optimal
18:01:00                               | s21=starting:running
18:01:01                               | s21=on:running
18:30:00  daemon=killed mains=off
18:45:00  daemon=up mains=on           | s21=off s21.sent=nothing s21.starts-today=1
18:45:01                               | s21=off s21.sent=nothing
18:49:59                               | all:s21=off s21.sent=nothing s21=off:rest
18:50:00                               | s21=starting:running s21.starts-today=2 s21.sent=on*1
18:50:01                               | s21=on:running
# Only the daemon is killed for ten seconds: the miner keeps running, and nothing is switched.
19:30:00  daemon=killed
19:30:10  daemon=up
19:30:12                               | s21=on:running s21.starts-today=2
19:31:30                               | all:s21=on:running s21.starts-today=2
# Killed for longer than the lease: the relay switches itself off, which counts as a stop.
20:00:00  daemon=killed
20:10:00  daemon=up
20:10:01                               | s21=off s21.starts-today=2 s21.sent=nothing
20:14:59                               | all:s21=off s21.sent=nothing
20:15:00                               | s21=starting:running s21.starts-today=3
20:15:01                               | s21=on:running
