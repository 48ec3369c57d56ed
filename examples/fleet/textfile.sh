#!/bin/sh
# The metrics of all clusters of a kubeconfig, for the textfile collector of node_exporter. Run it from cron or a timer:
#   textfile.sh /var/lib/node_exporter/textfile
# The new file replaces the old one as a whole. Exit code 3, for a cluster that cannot be read, is in the metrics, too.
set -u
folder=${1:?the folder of the textfile collector}
new=$folder/.isvclog.prom.$$
trap 'rm -f "$new"' EXIT
isvclog audit --all-contexts -A --exit-zero --request-timeout 20s -o openmetrics >"$new" || [ $? -eq 3 ] || exit 1
chmod 0644 "$new" && mv "$new" "$folder/isvclog.prom"
