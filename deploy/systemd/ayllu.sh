#!/bin/sh
# `ayllu` on a server: as the services' user, with their settings. For /usr/local/bin/ayllu; needs root.
set -eu
if [ -t 0 ] && [ -t 1 ]; then how=--pty; else how=--pipe; fi
exec systemd-run --quiet --collect --wait "$how" --service-type=exec --uid=ayllu --gid=ayllu \
    --property="WorkingDirectory=-$PWD" --property=EnvironmentFile=/etc/ayllu/ayllu.env \
    /opt/ayllu/.venv/bin/ayllu "$@"
