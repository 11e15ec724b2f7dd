"""An interpreter at work: burns a little CPU in burn_python, then sleeps."""

import time

BURN_S = 0.02
SLEEP_S = 0.5


def burn_python(seconds):
    end = time.thread_time() + seconds
    total = 0
    while time.thread_time() < end:
        total += sum(i * i for i in range(200))
    return total


while True:
    burn_python(BURN_S)
    time.sleep(SLEEP_S)
