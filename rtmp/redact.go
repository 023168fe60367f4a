package rtmp

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/auth"
)

const (
	// maxWords bounds the server's text that is kept; longer ones are cut.
	maxWords = 512
	// maxScan bounds the text that is searched for secrets.
	maxScan = 8192
	// minInfix is the shortest secret that is masked within words; shorter
	// ones would blot out ordinary text and are masked as whole words only.
	minInfix = 4
	// minEncoded is the shortest secret that is masked in hex, base64 and JSON's
	// writing too: the writings of shorter ones are those of ordinary words.
	minEncoded = 6
)

// redactor masks secrets in texts of the server, which like to repeat the
// stream key: those of the URL, those that a session was given besides, and
// what authentication is made of, whoever said it.
type redactor struct{ secrets []string }

func newRedactor(u *URL, more ...string) redactor {
	var r redactor
	for _, secret := range more {
		r.add(secret, 1)
	}
	r.add(u.Password(), 1)
	r.addQuery(u.App, false)
	_, hidden, _ := u.appParts()
	r.add(hidden, minInfix)
	_, password, _ := strings.Cut(u.Username, ":")
	r.add(password, minInfix)
	r.addQuery(u.StreamKey(), true)
	// Longer ones first: the key before the key without its query.
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
	return r
}

// addQuery adds the values of a query, which may be tokens, and the whole when
// it is a stream key, with and without query and prefix.
func (r *redactor) addQuery(s string, key bool) {
	name, query, _ := strings.Cut(s, "?")
	if key {
		r.add(s, 1)
		r.add(name, 1)
		_, bare, _ := strings.Cut(name, ":") // mp4:name
		r.add(bare, 1)
	}
	r.add(query, minInfix)
	for param := range strings.SplitSeq(query, "&") {
		name, value, ok := strings.Cut(param, "=")
		switch {
		case !ok:
			r.add(param, minInfix)
		case strings.Trim(value, "=") == "": // as base64 ends
			r.add(name, minToken)
		default:
			r.add(value, minInfix) // not the 1 of backup=1
		}
	}
}

// add adds a secret of at least minimum bytes, as it is and as servers encode it.
func (r *redactor) add(s string, minimum int) {
	if len(s) < minimum {
		return
	}
	all := []string{s, url.QueryEscape(s), url.PathEscape(s)}
	if plain, err := url.QueryUnescape(s); err == nil && plain != "" {
		all = append(all, plain)
	}
	if len(s) >= minEncoded {
		quoted, ascii := strconv.Quote(s), strconv.QuoteToASCII(s)
		all = append(all, quoted[1:len(quoted)-1], ascii[1:len(ascii)-1], hex.EncodeToString([]byte(s)),
			base64.RawStdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)))
		if text, err := json.Marshal(s); err == nil { // < > & are escaped too
			all = append(all, string(text[1:len(text)-1]))
		}
	}
	for _, writing := range all {
		if !slices.Contains(r.secrets, writing) {
			r.secrets = append(r.secrets, writing)
		}
	}
}

// words makes a text of the server fit for errors and logs: secrets masked,
// control characters replaced, cut to maxWords bytes.
func (r redactor) words(s string) string {
	if len(s) > maxScan { // and not a secret that the cut would go through
		s = s[:maxScan-min(r.longest(), maxScan)]
	}
	for _, secret := range r.secrets {
		s = maskAll(s, secret)
	}
	s = auth.Mask(s, mask)
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == utf8.RuneError {
			return ' '
		}
		return c
	}, s)
	if len(s) > maxWords {
		cut := maxWords
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strings.TrimSpace(s)
}

// values masks every text in properties, whatever it is nested in.
func (r redactor) values(properties []amf0.Property) {
	for i := range properties {
		properties[i].Name = r.words(properties[i].Name)
		properties[i].Value = r.value(properties[i].Value)
	}
}

func (r redactor) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.words(v)
	case float64:
		return r.number(v)
	case amf0.XML:
		return amf0.XML(r.words(string(v)))
	case amf0.Object:
		r.values(v)
	case amf0.ECMAArray:
		r.values(v)
	case amf0.TypedObject:
		r.values(v.Properties)
		return amf0.TypedObject{Class: r.words(v.Class), Properties: v.Properties}
	case amf0.StrictArray:
		for i := range v {
			v[i] = r.value(v[i])
		}
	}
	return v
}

// number is v, or the mask where v is a secret: a stream key may be a number,
// and some servers give it back as one. A short one is masked in texts only;
// what they count with would be lost.
func (r redactor) number(v float64) any {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if len(text) >= minInfix && slices.Contains(r.secrets, text) {
		return mask
	}
	return v
}

func (r redactor) longest() int {
	if len(r.secrets) == 0 {
		return 0
	}
	return len(r.secrets[0])
}

// maskAll masks a secret wherever it is, in any case of its letters.
func maskAll(s, secret string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		end := i + len(secret)
		if end <= len(s) && strings.EqualFold(s[i:end], secret) && (len(secret) >= minInfix || wholeWord(s, i, end)) {
			out.WriteString(mask)
			i = end
			continue
		}
		out.WriteByte(s[i])
		i++
	}
	return out.String()
}

func wholeWord(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	return !isWord(before) && !isWord(after)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
