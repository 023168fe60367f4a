package network

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// Login is what a proxy may want to know; nil where it wants nothing.
type Login struct {
	Username, Password string
}

// basic is the login as HTTP gives it (RFC 7617, section 2).
func (l *Login) basic() string {
	return base64.StdEncoding.EncodeToString([]byte(l.Username + ":" + l.Password))
}

// minMasked is the shortest password that is looked for: a shorter one is a
// piece of ordinary words.
const minMasked = 4

// masked is a text of the proxy without the password, which it may repeat.
func (l *Login) masked(s string) string {
	if l == nil || len(l.Password) < minMasked {
		return s
	}
	for _, secret := range []string{l.basic(), l.Password, url.QueryEscape(l.Password), url.PathEscape(l.Password)} {
		s = strings.ReplaceAll(s, secret, "****")
	}
	return s
}
