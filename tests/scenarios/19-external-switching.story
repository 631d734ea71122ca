# Someone switches a relay: voltd adopts it for an hour if the gates that `on` does not waive pass, else it switches
# back.
set s21.enabled no
12:00:00  v=52.00 pv=9000 house=1000   | s19=off:voltage
12:05:00  set.s21.enabled=yes          | s21=starting:running
# Within a minute of voltd's own command it does not count as external: it ends the run, and the next start needs its
# gates.
12:05:30  device.s21=hand-off          | s21=off:fault s21.sent=nothing s21.override=auto
12:10:29                               | all:s21=off all:s21.sent=nothing s21=off:rest:1s
12:10:30                               | s21=starting:running s21.starts-today=2
12:10:31                               | s21=on:running
12:11:30  device.s21=hand-off          | s21=off:override_off s21.override=off:adopted s21.sent=nothing
13:11:29                               | all:s21=off:override_off all:s21.sent=nothing
13:11:30                               | s21=starting:running s21.override=auto
13:11:31                               | s21=on:running
# Switched on by hand: 52.00 V is below its stop voltage, which `on` does not waive.
13:20:00  device.s19=hand-on           | s19.sent=off*1 s19.override=auto
13:20:01                               | s19=off:voltage
# Above it, adopted for an hour.
13:30:00  v=53.50                      | s19=off:voltage
13:40:00  device.s19=hand-on           | s19=on:override_on s19.override=on:adopted s19.sent=renewal*1 s19.starts-today=0
14:39:59                               | all:s19=on:override_on s19.override=on:adopted
14:40:00                               | s19.override=auto
# A relay that reboots into ON is not external switching: OFF, and an alarm.
15:00:00  override.s19=off             | s19.override=off
15:10:00  device.s19=reboot-on         | s19=unknown
15:10:10                               | s19.sent=retry*1 alarm=power_on_state/dump-load-s19-1
15:10:11                               | s19=off:override_off
# A reboot into OFF while it should be on is a stop by a fault, with a rest.
15:20:00  device.s21=reboot            | s21=unknown:running
15:20:10                               | all:s21=unknown:running s21=off:fault s21.sent=nothing s21.override=auto
15:25:09                               | s21=off:rest:1s
15:25:10                               | s21=starting:running
