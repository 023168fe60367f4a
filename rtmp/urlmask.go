package rtmp

import (
	"fmt"
	"log/slog"
	"strings"
)

// mask stands where a secret is.
const mask = "****"

// String returns the URL with key, password and query values masked.
func (u URL) String() string {
	var b strings.Builder
	b.WriteString(u.Scheme + "://")
	if u.Username != "" || u.Password() != "" {
		b.WriteString(u.Username)
		if u.Password() != "" {
			b.WriteString(":" + mask)
		}
		b.WriteString("@")
	}
	b.WriteString(u.authority(u.written()) + "/" + u.ShownApp())
	if u.StreamKey() != "" {
		b.WriteString("/" + mask)
	}
	return b.String()
}

// ShownApp is the application with what may be secret in it masked: the values
// of its query, and what stands behind the first element of a URL that came
// without its key.
func (u URL) ShownApp() string {
	app := maskQuery(u.App)
	if first, instance, _ := strings.Cut(app, "/"); u.apart && instance != "" {
		return first + "/" + mask
	}
	return app
}

// Format writes the masked URL whatever the verb, %#v included.
func (u URL) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(u.String())) }

// LogValue gives loggers the masked URL.
func (u URL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText returns the masked URL; it serves JSON and YAML too.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// maskQuery masks the values of a query and leaves the names, which help to
// find a mistake.
func maskQuery(s string) string {
	path, query, ok := strings.Cut(s, "?")
	if !ok {
		return s
	}
	params := strings.Split(query, "&")
	for i, p := range params {
		if name, _, ok := strings.Cut(p, "="); ok {
			params[i] = name + "=" + mask
		} else if p != "" { // a bare word may be the token itself
			params[i] = mask
		}
	}
	return path + "?" + strings.Join(params, "&")
}

// maskReference masks what may be secret in a URL or reference that somebody
// else has written: credentials and the values of the query.
func maskReference(s string) string {
	head, rest, ok := strings.Cut(s, "//")
	if !ok {
		return maskQuery(s)
	}
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority = mask + authority[at:]
	}
	if path != "" {
		path = "/" + path
	}
	return maskQuery(head + "//" + authority + path)
}
