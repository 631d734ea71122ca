# GX and Sol-Ark 1.0 V apart: the lower counts for starts at once, for stops once the difference lasted a minute.
set s21.start 52.00
set s21.stop 51.50
12:00:00  gx=52.30 ark=51.31 pv=9000 house=1000 | voltage=52.30 s21=off:source
12:00:59                               | s21=off:hold
12:01:00                               | s21=starting:running no-alarm=voltage_disagreement
12:01:01                               | s21=on:running
12:20:00  ark=51.30                    | s21=on:running s19.voltage=blocks:51.30/54.50
12:20:59                               | all:s21=on no-alarm=voltage_disagreement s21=on:running
12:21:00                               | alarm=voltage_disagreement s21=on:*:30s s21.voltage=blocks:51.30/51.50
12:21:30                               | all:s21=on s21=stopping:voltage s21.by=51.30/51.50
12:21:31                               | s21=off:voltage s21.voltage=blocks:51.30/52.00
# In agreement again: each second takes back half a second of the minute. Then the start waits for its hold.
12:40:00  ark=51.31                    | all:s21=off alarm=voltage_disagreement s21.voltage=blocks:51.31/52.00
12:41:58                               | alarm=voltage_disagreement
12:41:59                               | no-alarm=voltage_disagreement s21.voltage=blocks:51.31/52.00
12:42:00                               | all:s21=off s21.voltage=hold:52.30/52.00:60s
12:43:00                               | s21=starting:running
# At or under critical_low ten seconds are enough; 45.01 V waits for the alarm.
12:50:00  v=46.60                      | s21=on
12:50:05                               | stage=low
12:51:00  ark=45.01                    | stage=low no-alarm=voltage_disagreement
12:51:55                               | all:stage=low no-alarm=voltage_disagreement
12:52:00  ark=46.60                    | stage=low
# Two minutes take back those 59 s.
12:54:00  ark=45.00                    | all:stage=low stage=low no-alarm=voltage_disagreement
12:54:09                               | all:stage=low
12:54:10                               | stage=critical s21=off:critical alarm=critical no-alarm=voltage_disagreement
