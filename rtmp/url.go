package rtmp

import (
	"net"
	"strconv"
	"strings"
)

// URL is a parsed publishing URL (specification, section 3). Make one with
// ParseURL or ParseAppURL. It does not change after that and may be used by
// several goroutines.
//
// The stream key and the password are secrets: however a URL is printed or
// marshalled, they and the values of the query show as "****". Only StreamKey,
// Password and the fields give them back.
type URL struct {
	Scheme   string // rtmp, rtmps, rtmpt or rtmpts
	Host     string // name or address, IPv6 without brackets, with its zone
	Port     int    // 1 to 65535
	App      string // application with instance and query, as the server gets it
	Username string // empty when the URL has none
	key      secret
	password secret
	// apart tells that the URL came without its key. What stands behind the
	// application's first element may be a key all the same, left there by
	// mistake, so it is not shown.
	apart bool
	// ported tells that the URL came with a port.
	ported bool
	// stranger tells that a server has named the host, and that user name and
	// password are not for it: see ReconnectRequest.
	stranger bool
}

// secret keeps a string behind a pointer, so that a formatter that walks
// through unexported fields meets an address and not the text.
type secret struct{ text *string }

func newSecret(s string) secret {
	if s == "" {
		return secret{}
	}
	return secret{&s}
}

func (s secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// defaultPorts has the known schemes (specification, section 3).
var defaultPorts = map[string]int{"rtmp": 1935, "rtmps": 443, "rtmpt": 80, "rtmpts": 443}

// WithStreamKey returns a copy of u with another stream key, for an
// application's URL and a key that are given apart. The key is taken as it is.
// The error is a *URLError.
func (u *URL) WithStreamKey(key string) (*URL, error) {
	if key == "" {
		return nil, &URLError{partKey, "", "is missing; write it after the application, or give it apart"}
	}
	if err := checkPart(partKey, key); err != nil {
		return nil, err
	}
	c := *u
	c.key = newSecret(key)
	return &c, nil
}

// StreamKey is the stream's name with its query: a secret. It is empty after
// ParseAppURL.
func (u *URL) StreamKey() string { return u.key.reveal() }

// Password is the password before the host: a secret.
func (u *URL) Password() string { return u.password.reveal() }

// Addr is host:port for dialing, IPv6 in brackets.
func (u *URL) Addr() string { return net.JoinHostPort(u.Host, strconv.Itoa(u.Port)) }

// TCURL is the URL told to the server in the connect command: without
// credentials, stream key and the zone of an IPv6 address, but with the
// application's query, which may hold tokens. Do not log it.
func (u *URL) TCURL() string { return u.Scheme + "://" + u.authority(u.peer()) + "/" + u.App }

// secure tells whether the way has TLS.
func (u *URL) secure() bool { return u.Scheme == "rtmps" || u.Scheme == "rtmpts" }

// peer is the host as others know it. A zone names an interface of this machine
// and means nothing to them; it must not leave it (RFC 6874, section 1).
func (u *URL) peer() string {
	address, _, _ := strings.Cut(u.Host, "%")
	return address
}

// written is the host as it stands in a URL.
func (u *URL) written() string { return strings.Replace(u.Host, "%", "%25", 1) }

// authority is the host, with the port unless it is the scheme's own.
func (u *URL) authority(host string) string {
	if u.Port != defaultPorts[u.Scheme] {
		return net.JoinHostPort(host, strconv.Itoa(u.Port))
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
