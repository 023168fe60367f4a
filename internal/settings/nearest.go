package settings

import (
	"fmt"
	"strings"
	"unicode"

	"rtmpwriter/publish"
)

// longestName is how much of an unknown name is shown, and compared: no option
// is longer.
const longestName = 40

// unknown refuses a name, with the option that may have been meant.
func unknown(name string) string {
	if len(name) > longestName {
		return "unknown option with a name of " + fmt.Sprint(len(name)) + " bytes"
	}
	text := fmt.Sprintf("unknown option %q", ShownName(name))
	if near := Nearest(name, Names()); near != "" {
		text += fmt.Sprintf(": did you mean %s?", near)
	}
	return text
}

// ShownName is an unknown name as errors tell it: no more than the option's own name
// of what begins with a secret one, and nothing behind what no name has. Where the
// two were not divided as they must be, the secret follows: stream-key=secret.
func ShownName(name string) string {
	shown := name
	if at := strings.IndexFunc(name, notInName); at >= 0 {
		shown = name[:at]
	}
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		if f.Secret && strings.HasPrefix(strings.ReplaceAll(strings.ToLower(shown), "_", "-"), f.Name) {
			shown = shown[:len(f.Name)]
		}
	}
	if shown != name {
		shown += "…"
	}
	return shown
}

func notInName(r rune) bool {
	return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// Nearest is the word that takes the fewest edits, a third of its letters at
// most; "" for none. Case and the kind of dash don't count.
func Nearest(name string, words []string) (best string) {
	if len(name) > longestName {
		return ""
	}
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	fewest := len(name)/3 + 1
	for _, w := range words {
		if n := distance(name, w); n < fewest {
			best, fewest = w, n
		}
	}
	return best
}

// distance counts the edits that make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
