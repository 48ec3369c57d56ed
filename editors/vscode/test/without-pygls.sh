#!/bin/sh
echo "isvclog: error: the language server needs pygls: pip install 'isvclog[editor]'" >&2
exit 3
