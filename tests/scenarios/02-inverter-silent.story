# The inverter does not answer for two minutes. A load on sun stops once PV is 30 s old and its hold is over; a load
# that needs no excess runs on voltage alone, bounded by half of the inverter.
set s21.enabled no
12:00:00  v=54.80 pv=12000 house=1850  | s21=off:disabled
+60s                                   | s19=starting:running
+1s                                    | s19=on:running
# The last answer came at 12:29:55: usable until it is 30 s old, missing from 12:30:26 on.
12:30:00  ark=silent power=silent      | s19=on excess=10150
12:30:25                               | all:s19=on excess=10150 source=victron.battery
12:30:26                               | excess=none s19=on
12:30:55                               | all:s19=on
12:30:56                               | s19=stopping:sun
12:30:57                               | s19=off s19.sun=blocks:?/8000 s19.excess=blocks:?/3500
# Site load unknown: nominal draws of the running loads, plus this one, may reach half of 12,000 W.
12:31:30  set.s21.enabled=yes          | s21=starting:running s21.inverter=passes:3878/6000
12:31:59                               | s21=on:running s19.inverter=blocks:7128/6000
12:32:00  ark=54.80 power=heard        | s21=on:running s19=off:rest
# A run of 28 min that ended by sun is short: 600 s of rest from 12:30:57.
12:40:56                               | all:s19=off s19.rest=blocks:599/600:1s
12:40:57                               | s19=starting:running
+1m                                    | s19=on:running s21=on:running
