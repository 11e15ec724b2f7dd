#!/bin/bash
# A shell at work: counts a little, then starts a short process, as scripts on devices do.
while :; do
  for ((i = 0; i < 200; i++)); do :; done
  sleep 1
done
