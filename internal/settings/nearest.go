package settings

import (
	"fmt"
	"strings"
)

// longestName is how much of an unknown name is shown, and compared: no option
// is longer.
const longestName = 40

// unknown refuses a name, with the option that may have been meant.
func unknown(name string) string {
	if len(name) > longestName {
		return "unknown option with a name of " + fmt.Sprint(len(name)) + " bytes"
	}
	text := fmt.Sprintf("unknown option %q", name)
	if near := Nearest(name, Names()); near != "" {
		text += fmt.Sprintf(": did you mean %s?", near)
	}
	return text
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
