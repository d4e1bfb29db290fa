#!/usr/bin/awk -f
# Adds the court to each case: `courts.awk courts.tsv cases.tsv`, tab-separated, both with a heading. Writes enriched.tsv.
# A case whose jurisdiction has no court in the table keeps an empty one. Invented courts, for the sample only.
BEGIN { FS = OFS = "\t" }
{ sub(/\r$/, "") }
FNR == 1 { file++ }
file == 1 { if (FNR > 1) court[$1] = $2; next }
FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "jurisdiction") place = i
           if (!place) { print "cases.tsv has no column jurisdiction" > "/dev/stderr"; exit 2 } }
{ print $0, FNR == 1 ? "court" : court[$place] > "enriched.tsv" }
FNR % 1000 == 0 { print "::progress " FNR; fflush() }
