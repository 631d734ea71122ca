# No source has a voltage: running loads continue only for the grace, fans take their safe state, and nothing
# starts.
12:00:00  v=53.00 pv=9000 house=1000 heat-room.temp=30.0 | stage=optimal
12:01:00                               | s21=starting:running
12:01:01                               | s21=on:running
# The last answers: GX 12:29:59, good for 10 s; Sol-Ark 12:29:55, good for 15 s (three polls).
12:30:00  v=silent                     | voltage=53.00 source=victron.battery
12:30:09                               | source=victron.battery degraded=no
12:30:10                               | source=sol_ark degraded=yes s21=on:running
12:30:11                               | stage=blind alarm=blind s21=on:running s21.sent=nothing
12:31:10                               | all:s21=on:running all:heat-room.fan=off
12:31:11                               | s21=stopping:blind heat-room.fan=10
12:31:12                               | s21=off:blind s19=off:blind
# Safe state `auto`: full until 180 s after the last miner.
12:34:11                               | all:heat-room.fan=10
12:34:20                               | heat-room.fan=off
# Both return in the same second: voltd keeps using the last one, and the better one after 30 s.
12:40:00  v=53.00                      | all:s21.sent=nothing stage=optimal s21=off:source degraded=yes
12:40:30                               | s21=off:hold:60s degraded=no source=victron.battery
12:41:29                               | all:s21=off:hold
12:41:30                               | s21=starting:running
# A gap shorter than the grace stops nothing.
13:00:00  v=silent                     | s21=on:running
13:01:00  v=53.00                      | all:s21=on:running stage=optimal
