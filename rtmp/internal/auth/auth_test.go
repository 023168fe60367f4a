package auth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	user     = "joe"
	password = "s3cret pass"
	salt     = "pWRxJg=="
	// challenge, opaque and nonce have every sign of base64.
	challenge = "abcd1234"
	opaque    = "Opq+/8w=="
	nonce     = "nonce/42+="
)

// random is 0a1b2c3d.
var random = [4]byte{0x0a, 0x1b, 0x2c, 0x3d}

// TestResponses compares with what other programs made of the same values, for
// example
//
//	h1=$(printf %s 'joepWRxJg==s3cret pass' | openssl md5 -binary | base64)
//	printf %s "${h1}abcd12340a1b2c3d" | openssl md5 -binary | base64
//
// and Python's hashlib for Limelight.
func TestResponses(t *testing.T) {
	const adobe = "?reason=needauth&user=joe&salt=" + salt + "&challenge=" + challenge
	const llnw = "?reason=needauth&user=joe&nonce=" + nonce
	for _, c := range []struct {
		name, description string
		kind              Kind
		app, want         string
	}{
		{"challenge", adobe, Adobe, "live", "authmod=adobe&user=joe&challenge=0a1b2c3d&response=yjZbEkEvihQJI3C1lGtFxQ=="},
		{"opaque instead of challenge, and echoed", adobe + "&opaque=" + opaque, Adobe, "live",
			"authmod=adobe&user=joe&challenge=0a1b2c3d&response=ejQWrSuDnwKyAGBWRCq9QA==&opaque=Opq+/8w=="},
		{"limelight", llnw, Limelight, "live",
			"authmod=llnw&user=joe&nonce=nonce/42+=&cnonce=0a1b2c3d&nc=00000001&response=1dfb65474225c82e7466acde4c4aca2a"},
		{"limelight: the query is no part of the application", llnw, Limelight, "live?a=/b", "authmod=llnw&user=joe&nonce=nonce/42+=&cnonce=0a1b2c3d&nc=00000001&response=1dfb65474225c82e7466acde4c4aca2a"},
		{"limelight with an instance", llnw, Limelight, "app/inst",
			"authmod=llnw&user=joe&nonce=nonce/42+=&cnonce=0a1b2c3d&nc=00000001&response=f089144e9552c64cde452fc3161c22e4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, ok := Parse(c.description)
			require.True(t, ok)
			require.Equal(t, NeedResponse, d.Stage)
			require.Equal(t, c.kind, d.Kind, "known from the challenge alone")
			query, secrets := d.Respond(c.kind, user, password, c.app, random)
			require.Equal(t, c.want, query)
			require.NotContains(t, query, password)
			shown := query
			for _, s := range secrets {
				if s != "" {
					shown = strings.ReplaceAll(shown, s, "")
				}
			}
			require.Regexp(t, `^authmod=\w+&user=joe(&(nonce|cnonce|challenge|response|opaque)=|&nc=00000001)*$`, shown, "every secret is named")
		})
	}
}

func TestUserNamesInTheQuery(t *testing.T) {
	for name, want := range map[string]string{
		"joe":             "authmod=adobe&user=joe",
		"joe+x@example.a": "authmod=adobe&user=joe+x@example.a",
		"jöe":             "authmod=adobe&user=jöe",
		"a&b=c?d e#f%g\n": "authmod=adobe&user=a%26b%3Dc%3Fd%20e%23f%25g%0A",
	} {
		require.Equal(t, want, Adobe.Ask(name))
	}
	require.Equal(t, "authmod=llnw&user=joe", Limelight.Ask("joe"))
	d := Demand{salt: salt, challenge: challenge}
	query, _ := d.Respond(Adobe, "a&b", password, "live", random)
	require.Contains(t, query, "&user=a%26b&")
	require.Contains(t, query, "&response=D3jmYVGqaEGq+1ycTRl4/Q==", "the hash is of the name itself")
}
