#!/bin/sh
# Answers a question with jq, which sort and awk help where it would have to hold everything: peer-jq.sh QUESTION ENDPOINT FILE...
set -eu
question=$1
endpoint=$2
shift 2

each() {
    zstd -dcq -- "$@" | jq -r --arg endpoint "$endpoint" "$program"
}

case $question in
events)
    program='.event'
    each "$@" | LC_ALL=C sort | uniq -c | awk '{ print $2 "," $1 }'
    ;;
overwrites)
    program='select(.event == "change.committed") | [.endpoint, .commit, .plan] | @tsv'
    each "$@" | LC_ALL=C sort -k 1,1 -k 2,2n |
        awk '$1 == name && before > $3 { print $1 "," $3 "," before } { name = $1; before = $3 }'
    ;;
endpoint)
    program='select(.endpoint == $endpoint) | [.ts, .actor, .event, .plan | tostring] | join(",")'
    each "$@"
    ;;
depths)
    program='select(.event == "queue.sampled") | [.ts[:19], .queue, .depth] | @tsv'
    each "$@" | awk '{ key = $1 "," $2; if (!(key in deepest) || $3 > deepest[key]) deepest[key] = $3 }
                     END { for (key in deepest) print key "," deepest[key] }'
    ;;
*)
    echo "peer-jq.sh: no question $question" >&2
    exit 2
    ;;
esac
