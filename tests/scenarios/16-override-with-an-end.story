# Overrides with an end: `on` waives the sun but not the stop voltage; `off` ends by itself; a fan's override ends at too_hot.
set s21.enabled no
20:00:00  v=53.59 pv=0 house=800 sunny=no heat-room.temp=30.0 | s19=off:voltage s21=off:disabled
# 3,250 W at 53.59 V drop it by 607 mV: 52.98 V is not above its stop voltage, which `on` waives for the sag.
20:05:00  override.s19=on/30m          | s19=off:hold:60s s19.override=on s19.power=waived s19.schedule=waived s19.predicted_sag=waived
20:06:00                               | all:s19=off:hold s19=starting:override_on s19.starts-today=1
20:06:01                               | s19=on:override_on
20:34:59                               | all:s19=on:override_on
# The end: waived gates count again. Its window is closed, which has no hold.
20:35:00                               | s19.override=auto s19=stopping:schedule
20:35:01                               | s19=off:voltage
# `on` under the stop voltage starts nothing.
20:50:00  v=52.99 override.s19=on/10m  | s19=off:voltage s19.voltage=blocks:52.99/53.00
20:59:59                               | all:s19=off s19.override=on
21:00:00                               | s19.override=auto
# `off` without an end, then `auto`.
21:05:00  v=53.50 set.s21.enabled=yes  | s21=starting:running
21:06:00  override.s21=off             | s21=stopping:override_off
22:00:00                               | s21=off:override_off s21.override=off
22:00:05  override.s21=auto            | s21=starting:running
# A fan's `off` ends at too_hot; a level yields to the rule there.
22:10:00  override.heat-room.fan=4/20m | heat-room.fan=4 heat-room=override
22:20:00  override.heat-room.fan=off/1h heat-room.temp=35.0 | heat-room.fan=off heat-room=override
22:25:00  heat-room.temp=39.9          | heat-room.fan=off heat-room=override
22:30:00  heat-room.temp=40.0          | heat-room.fan=10 heat-room=too_hot
