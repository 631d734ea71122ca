# The GX answers, and nothing in its answers moves while a load is on: after 900 s its voltage is not used. The Sol-Ark takes over,
# and the site is degraded: running loads continue, nothing starts.
12:00:00  v=53.00 pv=9000 house=1000 | source=victron.battery
12:01:00  v=53.00..52.50                     | s21=starting:running
12:30:00  gx-unit=frozen ark=52.50..51.60 | source=victron.battery s21=on:running
12:44:59                               | all:source=victron.battery all:degraded=no voltage=52.50
12:45:00  ark=51.60                    | source=sol_ark degraded=yes voltage=51.60 alarm=voltage_frozen/victron.battery s21=on:running
12:45:01                               | s19.source=blocks s21=on:running
13:00:00  set.s21.enabled=no           | all:s21=on s21=stopping:disabled
13:10:00  set.s21.enabled=yes ark=51.60..51.50        | all:s21=off s21=off:source
# It moves again: good at once, and used after 30 s of good samples. Another source restarts the start holds.
13:20:00  gx-unit=alive gx=51.50 ark=51.50 | all:s21=off:source source=sol_ark degraded=yes no-alarm=voltage_frozen
13:20:29                               | all:source=sol_ark s21=off:source
13:20:30                               | source=victron.battery degraded=no s21=off:hold:60s
13:21:29                               | all:s21=off
13:21:30                               | s21=starting:running
13:21:31                               | s21=on:running
