// Package store keeps a filter's options where Windows keeps such things: their
// defaults in the registry, those of one filter in the file of its graph or in a
// property bag, its log in one file for all filters of a process. It knows
// nothing of Windows: the seam gives it the registry and the user's key.
package store

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rtmpwriter/publish"
)

// Error refuses what stands in a place where that is no option's value.
type Error struct {
	// Place is a value of the registry, or the saved settings.
	Place string
	// Reason is what is wrong there, and what to do.
	Reason string
}

// Error tells the place and the reason.
func (e *Error) Error() string { return e.Place + ": " + e.Reason }

// Pascal is an option's name in the interfaces and in property bags: ChunkSize,
// TlsCaFile.
func Pascal(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		first, size := utf8.DecodeRuneInString(word)
		if size > 0 {
			b.WriteRune(unicode.ToUpper(first))
		}
		b.WriteString(word[size:])
	}
	return b.String()
}

// Camel is an option's name in the registry: chunkSize, tlsCaFile.
func Camel(name string) string {
	first, rest, _ := strings.Cut(name, "-")
	return first + Pascal(rest)
}

// set sets an option to text as the registry and programs write it: besides what
// every door takes also the number of a choice, and -1 (VARIANT_TRUE) for on. The
// error is a *publish.OptionError.
func set(f publish.Field, text string) error {
	switch {
	case f.IsBool() && text == "-1":
		text = "on"
	case f.Choices != nil:
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(f.Choices) {
			text = f.Choices[n]
		}
	}
	return f.Set(text)
}

// shorten keeps a name that somebody wrote legible. Behind what no name has, such as a
// blank in place of the =, a secret may follow.
func shorten(name string) string {
	shown := name
	if at := strings.IndexFunc(name, notInName); at >= 0 {
		shown = name[:at]
	}
	if len(shown) > longestName {
		shown = strings.ToValidUTF8(shown[:longestName], "")
	}
	if shown != name {
		shown += "…"
	}
	return shown
}

func notInName(r rune) bool {
	return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// longestName is how much of an unknown name is shown: no option is longer.
const longestName = 40

// letters are a name without what spellings differ in.
func letters(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name))
}
