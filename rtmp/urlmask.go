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
	if u.strayed() { // the host may be a user, and the port the password's beginning
		return u.Scheme + "://" + mask
	}
	text := u.Scheme + "://" + shownLogin(u.Username, u.Password()) + u.authority(u.written()) + "/" + u.ShownApp()
	if u.StreamKey() != "" {
		text += "/" + mask
	}
	return text
}

// shownLogin is what stands before a host. A user name with a colon has the
// password in it, which came with the colon percent-encoded.
func shownLogin(user, password string) string {
	name, rest, _ := strings.Cut(user, ":")
	if user == "" && password == "" {
		return ""
	}
	if rest != "" || password != "" {
		name += ":" + mask
	}
	return name + "@"
}

// strayed tells that credentials may stand behind the host: a slash in them that
// was not percent-encoded ended it, or they were written there.
func (u *URL) strayed() bool {
	app, _, _ := strings.Cut(u.App, "?")
	key, _, _ := strings.Cut(u.StreamKey(), "?")
	_, behind, _ := strings.Cut(key, "@")
	return strings.Contains(app, "@") || strings.Contains(behind, "/")
}

// ShownApp is the application with what may be secret in it masked: the values
// of its query, and what may have got into it by mistake.
func (u URL) ShownApp() string {
	shown, hidden, query := u.appParts()
	if hidden != "" {
		shown += mask
	}
	return shown + maskQuery(query)
}

// appParts divides the application: shown is its name, and hidden what may be a
// secret behind that. Of a URL that came without its key the key may stand there,
// behind a slash or another delimiter than the one that is set; a query's question
// mark may be percent-encoded, or missing; and credentials have no end that can be known.
func (u *URL) appParts() (shown, hidden, query string) {
	app := u.App
	if at := strings.IndexByte(app, '?'); at >= 0 {
		app, query = app[:at], app[at:]
	}
	if u.strayed() {
		return "", app, query
	}
	ends := []string{"%3F", "%3f", "&", ";", "="}
	if u.apart {
		ends = append(ends, "/", "+", "#")
	}
	shown = app
	for _, end := range ends {
		if name, _, found := strings.Cut(shown, end); found {
			shown = name + end
		}
	}
	return shown, app[len(shown):], query
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
		if name, value, _ := strings.Cut(p, "="); strings.Trim(value, "=") != "" {
			params[i] = name + "=" + mask
		} else if p != "" { // a bare word may be the token itself, with the = that ends base64
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
