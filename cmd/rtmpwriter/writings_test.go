package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// hidden is a secret that no output shows, in no writing. odd is one whose writings
// differ: it holds what URLs, JSON, shells and logs escape.
const (
	hidden = "Sesame-77-open"
	odd    = `Käse"7\<&>'Brot;`
)

// writings are what a secret may be written as: as it is, as URLs, JSON and quoted
// text have it, in hexadecimal digits, in base64 wherever it begins there, and its
// ends, which a mask that cuts might leave.
func writings(secret string) []string {
	plain, err := json.Marshal(secret)
	if err != nil {
		panic(err)
	}
	var unescaped strings.Builder
	e := json.NewEncoder(&unescaped)
	e.SetEscapeHTML(false)
	if err := e.Encode(secret); err != nil {
		panic(err)
	}
	const end = 7
	found := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)),
		strings.Trim(string(plain), `"`), strings.Trim(strings.TrimSpace(unescaped.String()), `"`),
		inner(strconv.Quote(secret)), inner(strconv.QuoteToASCII(secret)),
		secret[:end], secret[len(secret)-end:],
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			// Where the secret begins within three bytes, and without the
			// characters that its neighbours have a part in.
			whole := strings.Repeat("x", before) + secret
			whole = whole[:len(whole)/3*3]
			found = append(found, encoding.EncodeToString([]byte(whole))[(8*before+5)/6:])
		}
	}
	return found
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

func requireHidden(t *testing.T, where, text string) {
	t.Helper()
	text = strings.ToLower(text)
	for _, secret := range []string{hidden, odd} {
		for _, writing := range writings(secret) {
			if at := strings.Index(text, strings.ToLower(writing)); at >= 0 {
				t.Errorf("%s shows the secret as %q: …%s…", where, writing, text[max(0, at-100):min(len(text), at+60)])
			}
		}
	}
}

// secretOptions are the options that hold secrets, and those that name their files.
func secretOptions() (names []string) {
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		if f.Secret {
			names = append(names, f.Name)
			if f.File != "" {
				names = append(names, f.File)
			}
		}
	}
	return names
}

// What requireHidden looks for finds a secret in all the ways that programs write it.
func TestWritingsFindASecret(t *testing.T) {
	for _, secret := range []string{hidden, odd} {
		all := writings(secret)
		for before := range 5 {
			credentials := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", before) + ":" + secret + " and more"))
			found := false
			for _, writing := range all {
				found = found || strings.Contains(credentials, writing)
			}
			require.True(t, found, credentials)
		}
		for _, text := range []string{"key " + secret[:9], "…" + secret[len(secret)-8:], url.Values{"k": {secret}}.Encode()} {
			found := false
			for _, writing := range all {
				found = found || strings.Contains(text, writing)
			}
			require.True(t, found, text)
		}
	}
}
