package rtmp

import (
	"errors"
	"path"
	"strings"

	"rtmpwriter/amf0"
)

// reconnectCode is the code of the status event (Enhanced RTMP v2, section
// "Reconnect Request").
const reconnectCode = "NetConnection.Connect.ReconnectRequest"

// ReconnectRequest is the wish of a server that the publisher connects anew,
// because it is to be restarted or another one is to take over (Enhanced RTMP v2,
// section "Reconnect Request"). The session goes on: the server takes what is
// sent until the publisher leaves, best at a keyframe and with the new session
// already up. Nothing binds it to that, nor to ask only once.
type ReconnectRequest struct {
	// URL is where to publish from now on; nil stands for the URL that this
	// session was made with.
	//
	// Scheme, host, port and application with its query are the server's choice,
	// and may lead anywhere: only where the session had TLS, the new one must have
	// it. The stream key goes there, with its query; so does Config.ConnectInfo.
	// User name and password, of the URL and of Config alike, are used there only
	// when the host is the same, or both sessions have TLS; otherwise Dial does
	// without, and a server that asks for them is an *AuthError. Credentials in
	// what the server sent are ignored.
	URL *URL
	// Description is the server's text: secrets masked, control characters
	// replaced, 512 bytes at most. It may be empty.
	Description string
}

// isReconnectRequest goes by the code alone: the level should be "status".
func isReconnectRequest(s Status) bool { return strings.EqualFold(s.Code, reconnectCode) }

// noteReconnectRequest takes a request. What comes while Dial is under way waits
// for the go-ahead; of several the last one holds.
func (c *Conn) noteReconnectRequest(cmd command, s Status) {
	c.tell(s)
	if c.cfg.OnReconnectRequest == nil {
		return
	}
	to, err := c.moved(cmd)
	if err != nil {
		c.cfg.Logger.Warn("the server asks to connect anew, to where nobody goes; it stays without effect", "server", c.addr, "error", c.redact.words(err.Error()))
		return
	}
	c.in.asked = &ReconnectRequest{to, s.Description}
}

// passReconnectRequest hands over the request that waits, if it may. Only the
// reader calls it.
func (c *Conn) passReconnectRequest() {
	if c.in.asked == nil {
		return
	}
	c.mu.Lock()
	publishing, closing := c.state.step == "", c.state.closing
	c.mu.Unlock()
	if !publishing {
		return
	}
	asked := *c.in.asked
	c.in.asked = nil
	if closing {
		return
	}
	to := c.url
	if asked.URL != nil {
		to = asked.URL
	}
	c.cfg.Logger.Info("the server asks to connect anew", "server", c.addr, "to", c.redact.words(to.String()), "description", asked.Description)
	c.cfg.OnReconnectRequest(asked)
}

// moved is the URL that a request names, nil where it names none.
func (c *Conn) moved(cmd command) (*URL, error) {
	object, ok := cmd.info()
	if !ok {
		return nil, nil
	}
	value, _ := object.Get("tcUrl")
	switch reference := value.(type) {
	case nil, amf0.Undefined:
		return nil, nil
	case string:
		if reference == "" {
			return nil, nil
		}
		return c.url.moved(withoutQuery(reference, c.round.query))
	}
	return nil, &URLError{partURL, "", "is no text"}
}

// withoutQuery takes away what withQuery has added to the tcUrl that the server
// was told: the response to its challenge does not hold for another session.
func withoutQuery(s, query string) string {
	if bare, ok := strings.CutSuffix(s, query); ok && query != "" {
		return strings.TrimRight(bare, "?&")
	}
	return s
}

var errInsecureMove = errors.New("it leads from a connection with TLS to one without")

// moved is the URL that a server of u sends its publisher to, by an absolute or
// relative reference (RFC 3986, section 4.1). ReconnectRequest says what becomes
// of key and credentials.
func (u *URL) moved(reference string) (*URL, error) {
	to, err := u.refer(reference)
	if err != nil {
		return nil, err
	}
	if u.secure() && !to.secure() {
		return nil, errInsecureMove
	}
	to.key, to.apart = u.key, true
	to.Username, to.password, to.stranger = "", secret{}, true
	same := strings.EqualFold(to.Host, u.peer())
	if same {
		to.Host = u.Host // with its zone
	}
	if same || u.secure() && to.secure() {
		to.Username, to.password, to.stranger = u.Username, u.password, u.stranger
	}
	return to, nil
}

// refer resolves a reference against the tcUrl (RFC 3986, section 5.2). Only paths
// that are relative themselves are joined and cleaned; others stay as written.
func (u *URL) refer(reference string) (*URL, error) {
	if len(reference) > maxURL {
		return nil, &URLError{partURL, "", "is too long"}
	}
	reference, _, _ = strings.Cut(reference, "#")
	if strings.HasPrefix(reference, "//") {
		return ParseAppURL(u.Scheme + ":" + reference)
	}
	if at := strings.IndexAny(reference, ":/?"); at >= 0 && reference[at] == ':' {
		return ParseAppURL(reference)
	}
	to := *u
	if reference == "" {
		return &to, nil
	}
	return &to, to.setApp(u.referApp(reference))
}

// referApp resolves a reference that has neither scheme nor host.
func (u *URL) referApp(reference string) string {
	app, _, _ := strings.Cut(u.App, "?")
	name, query, asked := strings.Cut(reference, "?")
	switch {
	case strings.HasPrefix(name, "/"):
		return reference[1:]
	case name != "":
		app = strings.TrimPrefix(path.Join("/", app, "..", name), "/")
	}
	if asked {
		app += "?" + query
	}
	return app
}
