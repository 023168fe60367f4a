package network

import "encoding/base64"

// Login is what a proxy may want to know; nil where it wants nothing.
type Login struct {
	Username, Password string
	// Mask hides the password in a text of the proxy, which may repeat it.
	Mask func(string) string
}

// Basic is the login as HTTP gives it (RFC 7617, section 2).
func (l *Login) Basic() string {
	return base64.StdEncoding.EncodeToString([]byte(l.Username + ":" + l.Password))
}

func (l *Login) masked(s string) string {
	if l == nil || l.Mask == nil {
		return s
	}
	return l.Mask(s)
}
