package auth

import (
	"iter"
	"strings"
)

const (
	// maxDescription bounds what is read of a description; real ones have some
	// 200 bytes.
	maxDescription = 4096
	// maxValue bounds a parameter, which goes into our query: real ones have up
	// to 64 bytes.
	maxValue = 1024
)

// Parse reads the description of a refused connect; false when it is not about
// authentication. Servers wrap it in words of their own, as Wowza does
//
//	[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=…&salt=…
//
// so parameters are looked for anywhere, in any order.
func Parse(description string) (Demand, bool) {
	description = description[:min(len(description), maxDescription)]
	var d Demand
	for p := range parameters(description) {
		value := description[p.from:p.to]
		if len(value) > maxValue {
			continue
		}
		switch strings.ToLower(p.name) {
		case "authmod":
			d.Mod = strings.ToLower(value)
		case "reason":
			d.Reason = strings.ToLower(value)
		case "salt":
			d.salt = value
		case "challenge":
			d.challenge = value
		case "opaque":
			d.opaque = value
		case "nonce":
			d.nonce = value
		}
	}
	for kind, mod := range mods {
		if mod != "" && d.Mod == mod {
			d.Kind = Kind(kind)
		}
	}
	return d.judged(strings.ToLower(description))
}

// refusals are the reasons that servers give, also without "reason=".
var refusals = []string{"authfailed", "authfail", "nosuchuser"}

// judged finds out the stage.
func (d Demand) judged(words string) (Demand, bool) {
	challenged := d.challenge != "" || d.opaque != "" || d.nonce != ""
	if d.Kind == Unknown && d.Mod == "" && challenged { // the kind was said a round before
		d.Kind = Adobe
		if d.nonce != "" {
			d.Kind = Limelight
		}
	}
	for _, word := range refusals {
		if strings.Contains(words, word) {
			d.Stage, d.Reason = Refused, word
			return d, true
		}
	}
	switch {
	case d.Reason == "needauth" || d.Reason == "" && challenged:
		d.Stage = NeedResponse
		return d, challenged || d.Mod != ""
	case d.Reason != "" && d.Mod != "":
		d.Stage = Refused
		return d, true
	case d.Mod != "" || strings.Contains(words, "need auth"):
		d.Stage = NeedName
		return d, true
	}
	return Demand{}, false
}

// parameter is the place of a value in a text.
type parameter struct {
	name     string
	from, to int
}

// parameters yields what looks like name=value.
func parameters(s string) iter.Seq[parameter] {
	return func(yield func(parameter) bool) {
		for at := 0; ; {
			equals := strings.IndexByte(s[at:], '=')
			if equals < 0 {
				return
			}
			equals += at
			begin := equals
			for begin > at && isName(s[begin-1]) {
				begin--
			}
			name := s[begin:equals]
			at = len(s)
			if end := strings.IndexFunc(s[equals+1:], endsValue); end >= 0 {
				at = equals + 1 + end
			}
			if name != "" && !yield(parameter{name, equals + 1, at}) {
				return
			}
		}
	}
}

func isName(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// endsValue finds a value's end. Base64 has + / and = in it.
func endsValue(c rune) bool {
	return c <= ' ' || c == 0x7f || strings.ContainsRune("&;,?#]\"'", c)
}

// secretNames are the parameters that let others compute a response, or repeat it.
var secretNames = []string{"salt", "challenge", "opaque", "nonce", "cnonce", "response"}

// Mask puts mask in the place of the values in a text that belong to
// authentication's secrets.
func Mask(s, mask string) string {
	var b strings.Builder
	done := 0
	for p := range parameters(s) {
		if p.from < p.to && isSecret(p.name) {
			b.WriteString(s[done:p.from] + mask)
			done = p.to
		}
	}
	return b.String() + s[done:]
}

func isSecret(name string) bool {
	for _, secret := range secretNames {
		if strings.EqualFold(name, secret) {
			return true
		}
	}
	return false
}
