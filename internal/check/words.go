package check

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rtmpwriter/amf0"
)

// maxWord bounds a foreign text that is shown.
const maxWord = 100

// statusWords are what the answer to connect says of the answer; the rest is
// about the server.
var statusWords = []string{"level", "code", "description"}

func ofItself(o amf0.Object) (said amf0.Object) {
	for _, p := range o {
		if !slices.Contains(statusWords, p.Name) {
			said = append(said, p)
		}
	}
	return said
}

// words shows what the server said of itself.
func words(o amf0.Object) string {
	var parts []string
	for _, p := range o {
		switch v := p.Value.(type) {
		case string:
			parts = append(parts, clean(p.Name)+" "+clean(v))
		case float64, bool:
			parts = append(parts, fmt.Sprintf("%s %v", clean(p.Name), v))
		}
	}
	return strings.Join(parts, ", ")
}

// clean makes a foreign text fit for a terminal.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > maxWord {
		s = strings.ToValidUTF8(s[:maxWord], "") + "…"
	}
	return s
}

// values is an object for JSON, to the depth that servers use.
func values(o amf0.Object) map[string]any {
	m := make(map[string]any, len(o))
	for _, p := range o {
		switch v := p.Value.(type) {
		case string:
			m[clean(p.Name)] = clean(v)
		case float64:
			m[clean(p.Name)] = v
			if math.IsNaN(v) || math.IsInf(v, 0) { // which JSON lacks
				m[clean(p.Name)] = fmt.Sprint(v)
			}
		case bool, nil:
			m[clean(p.Name)] = v
		case amf0.Object:
			m[clean(p.Name)] = values(v)
		}
	}
	return m
}
