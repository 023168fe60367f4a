package rtmp

import (
	"strconv"
	"strings"
)

// ParseURL takes a publishing URL apart, in either form:
//
//	rtmp://host[:port]/application+stream   at the first delimiter
//	rtmp://host[:port]/application/stream   at the last slash, without one
//
// The delimiter is usually "+"; when it is empty only the slash divides.
// A query belongs to the application in the first form, to the stream key in
// the second. Nothing of application and key is decoded. The slashes before
// the host may be missing. The error is a *URLError that says which part is
// wrong and never shows key or password.
func ParseURL(s, delimiter string) (*URL, error) {
	if strings.ContainsFunc(delimiter, isForbidden) || len(delimiter) > maxDelimiter {
		shown := mask
		if len(delimiter) <= maxDelimiter {
			shown = strconv.Quote(delimiter)
		}
		return nil, &URLError{partDelimiter, shown, "must be a few visible characters, or empty"}
	}
	u, path, err := parseServer(s)
	if err != nil {
		return nil, err
	}
	app, key := split(path, delimiter)
	if err := u.setApp(app); err != nil {
		return nil, err
	}
	return u.WithStreamKey(key)
}

// ParseAppURL takes a URL that ends with the application; WithStreamKey adds
// the key. The whole path and its query are the application's.
func ParseAppURL(s string) (*URL, error) {
	u, path, err := parseServer(s)
	if err != nil {
		return nil, err
	}
	if err := u.setApp(path); err != nil {
		return nil, err
	}
	u.apart = true
	return u, nil
}

// split divides the path of a URL into application and stream key.
func split(path, delimiter string) (app, key string) {
	if delimiter != "" {
		if app, key, ok := strings.Cut(path, delimiter); ok {
			return app, key
		}
	}
	// The query of the stream may hold slashes, so the last one before it
	// divides. Only app?query/stream has none there.
	bare, _, _ := strings.Cut(path, "?")
	at := strings.LastIndexByte(bare, '/')
	if at < 0 {
		at = strings.LastIndexByte(path, '/')
	}
	if at < 0 {
		return path, ""
	}
	return path[:at], path[at+1:]
}

// setApp checks the application and sets it. Users copy ingest URLs with a
// slash at the end; the server's application has none.
func (u *URL) setApp(app string) error {
	if !strings.Contains(app, "?") {
		app = strings.TrimRight(app, "/")
	}
	if err := checkPart(partApp, app); err != nil {
		return err
	}
	if strings.HasPrefix(app, "/") {
		return &URLError{partApp, "", "begins with a second slash"}
	}
	u.App = app
	return nil
}

// parseServer reads scheme, credentials, host and port, and returns the rest.
func parseServer(s string) (*URL, string, error) {
	if s == "" {
		return nil, "", &URLError{partURL, "", "is empty; write rtmp://host/application/stream"}
	}
	if len(s) > maxURL {
		return nil, "", &URLError{partURL, "", "is " + strconv.Itoa(len(s)) + " bytes long, more than " + strconv.Itoa(maxURL)}
	}
	u := &URL{}
	rest, err := u.parseScheme(s)
	if err != nil {
		return nil, "", err
	}
	authority, path, ok := strings.Cut(strings.TrimPrefix(rest, "//"), "/")
	if err := u.parseAuthority(authority, strings.Contains(path, "@")); err != nil {
		return nil, "", err
	}
	if !ok || path == "" {
		return nil, "", &URLError{partApp, "", "is missing; write it after the host: /application"}
	}
	return u, path, nil
}

func (u *URL) parseScheme(s string) (rest string, err error) {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || strings.ContainsAny(scheme, "/?+@.") {
		return "", &URLError{partScheme, "", "is missing; begin with rtmp://"}
	}
	u.Scheme = strings.ToLower(scheme)
	u.Port, ok = defaultPorts[u.Scheme]
	if !ok {
		return "", &URLError{partScheme, show(u.Scheme, "abcdefghijklmnopqrstuvwxyz"), "must be rtmp, rtmps, rtmpt or rtmpts"}
	}
	return rest, nil
}
