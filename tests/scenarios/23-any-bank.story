# Effects of the rules' fixed volts, far from their limits, so that they are the same at any bank.
set s21.enabled no
12:00:00  v=48.00              | voltage=48.00 stage=normal
12:00:10  v=45.50              | voltage=48.00 stage=normal
12:00:11  v=48.00              | voltage=48.00
12:00:20  v=46.50              | voltage=46.50 stage=low
12:00:40  v=48.40              | voltage=48.40 stage=normal
12:01:00  v=44.80              | voltage=48.40 stage=normal
12:01:01  v=44.60              | voltage=44.80 stage=critical
12:10:00  v=52.30              | stage=critical
12:10:02                       | stage=recovering
12:20:00  gx=52.60             | stage=optimal
# 1.5 V apart for a minute.
12:21:00  ark=51.10            | no-alarm=voltage_disagreement
12:21:50                       | all:no-alarm=voltage_disagreement
12:22:00                       | alarm=voltage_disagreement
# In agreement for two minutes, minus the last second.
12:23:00  ark=52.60            | alarm=voltage_disagreement
# A GX that does not move while the Sol-Ark drops by 0.8 V.
12:24:00  v=52.70              | source=victron.battery
12:24:58                       | all:alarm=voltage_disagreement
12:24:59                       | no-alarm=voltage_disagreement
12:25:00  ark=52.70..51.90     | source=victron.battery
12:36:00  ark=51.90            | no-alarm=voltage_frozen
12:38:50                       | all:source=victron.battery
12:39:00                       | source=sol_ark degraded=yes alarm=voltage_frozen
