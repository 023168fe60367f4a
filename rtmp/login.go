package rtmp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/auth"
	"rtmpwriter/rtmp/internal/handshake"
)

const (
	// maxCredential bounds user name and password, far above any in use.
	maxCredential = 1024
	// maxConnectInfo bounds ConnectInfo, encoded: it goes to the server before
	// the server has agreed to anything.
	maxConnectInfo = 16384
	// minToken is the shortest text of ConnectInfo that is masked in the
	// server's words: a token is longer, and an ordinary word is none.
	minToken = 8
)

// round is what one connection to the server is made with.
type round struct {
	form handshake.Form
	// query goes behind application and tcUrl; empty without authentication.
	query string
	// secrets are what the server's words may not show besides those of the URL.
	secrets []string
	// capabilities are told in connect.
	capabilities Capabilities
	// reached is called when the server has answered in RTMP.
	reached func()
}

// login goes through the rounds of connecting: it learns from each that failed
// how the next one is to be. Its rounds end, whatever the server says: a round
// without credentials, one with the user's name, one with the response; the
// handshake and the capabilities change once at most.
type login struct {
	cfg            Config
	user, password string
	app            string
	random         io.Reader
	kind           auth.Kind
	stage          loginStage
	secrets        []string // of every round
	round          round
	simple         error // how the simple handshake failed
	choked         error // how the server failed at the capabilities
	// understood tells that it did not fail at them: it has answered.
	understood bool
	stranger   bool // the URL's host gets no credentials
}

type loginStage uint8

const (
	stagePlain loginStage = iota
	stageNamed            // the user's name is told
	stageAnswered
)

// kinds are the ways of authentication that an AuthMode demands.
var kinds = map[AuthMode]auth.Kind{AuthAdobe: auth.Adobe, AuthLimelight: auth.Limelight}

func newLogin(u *URL, cfg Config, random io.Reader) (*login, error) {
	l := &login{cfg: cfg, app: u.App, random: random, stranger: u.stranger}
	if !u.stranger {
		l.kind = kinds[cfg.Auth]
	}
	if !plainServers.has(u.Addr()) {
		l.round.capabilities = cfg.Capabilities
	}
	if cfg.Auth != AuthOff && !u.stranger {
		l.user, l.password = cfg.Username, cfg.Password
	}
	if u.Username != "" {
		l.user, l.password = u.Username, u.Password()
	}
	l.secrets = []string{cfg.Password}
	l.secrets = append(l.secrets, tokens(cfg.ConnectInfo)...)
	l.round.secrets = l.secrets
	if cfg.Handshake == HandshakeDigest {
		l.round.form = handshake.Digest
	}
	if l.kind != auth.Unknown {
		if l.user == "" {
			lacking := &AuthError{Kind: l.kind.String(), Reason: l.kind.String() + " authentication needs a user name: give username and password"}
			return nil, &OpError{opAuth, u.Addr(), lacking}
		}
		l.stage, l.round.query = stageNamed, l.kind.Ask(l.user)
	}
	return l, nil
}

// tokens are the texts and numbers of ConnectInfo that may be secrets.
func tokens(info amf0.Object) (found []string) {
	for _, property := range info {
		text, _ := property.Value.(string)
		if number, ok := property.Value.(float64); ok {
			text = strconv.FormatFloat(number, 'f', -1, 64)
		}
		if len(text) >= minToken {
			found = append(found, text)
		}
	}
	return found
}

// next prepares the round that follows one that failed, or returns why there is
// none. c is the round's session, nil where it came to none.
func (l *login) next(ctx context.Context, c *Conn, err error) error {
	switch {
	case ctx.Err() != nil:
		return err
	case c != nil && c.demanded() != nil:
		l.simple, l.understood = nil, true
		return l.answer(c, *c.demanded(), err)
	case l.choked != nil && unreached(err):
		return l.choked
	case l.simple != nil && unreached(err):
		return l.simple // that one was tried first, and its failure says more
	case l.cfg.Handshake == HandshakeAuto && l.round.form == handshake.Simple && refusedHandshake(err):
		l.simple, l.round.form = err, handshake.Digest
		return nil
	case l.round.capabilities != 0 && !l.understood && chokes(err):
		l.cfg.Logger.Info("trying once more without capabilities", "server", c.addr, "error", err)
		l.choked, l.round.capabilities = err, 0
		return nil
	}
	return err
}

// succeeded keeps what the rounds have taught for later sessions.
func (l *login) succeeded(c *Conn) {
	if l.choked != nil {
		l.cfg.Logger.Warn("the server takes sessions only without capabilities; it is told none for a while", "server", c.addr, "for", plainFor)
		plainServers.remember(c.addr)
	}
}

// refusedHandshake tells whether the server went away, or stayed silent, when
// it had seen the handshake: servers that insist on the digest do so.
func refusedHandshake(err error) bool {
	var (
		op       *OpError
		protocol *ProtocolError
	)
	return errors.As(err, &op) && op.Op == opHandshake && !errors.As(err, &protocol)
}

// answer makes the round that a server wants which asks for authentication.
func (l *login) answer(c *Conn, d auth.Demand, err error) error {
	reason := l.refusal(c, d)
	if reason == "" {
		reason = l.advance(d)
	}
	s := Step{Op: opAuth, Addr: c.addr}
	if reason != "" {
		failed := &AuthError{Reason: reason}
		if d.Kind != auth.Unknown {
			failed.Kind = d.Kind.String()
		}
		_ = errors.As(err, &failed.Status)
		s.Err = &OpError{opAuth, c.addr, failed}
	}
	l.cfg.step(s, c.asked)
	return s.Err
}

// advance prepares the round that answers a demand. Random bytes that can't be
// had are a reason against it.
func (l *login) advance(d auth.Demand) (reason string) {
	if l.kind == auth.Unknown {
		l.kind = d.Kind
	}
	if d.Stage == auth.NeedName {
		l.stage, l.round.query = stageNamed, l.kind.Ask(l.user)
		return ""
	}
	var random [4]byte
	if _, err := io.ReadFull(l.random, random[:]); err != nil {
		return "random bytes: " + err.Error()
	}
	query, secrets := d.Respond(l.kind, l.user, l.password, l.app, random)
	l.stage, l.round.query = stageAnswered, query
	l.round.secrets = append(slices.Clip(l.secrets), secrets...)
	return ""
}

// checkLogin refuses what can't be told to a server.
func (c Config) checkLogin() error {
	encoded, err := amf0.Append(nil, c.ConnectInfo)
	switch {
	case err != nil:
		return fmt.Errorf("connect info: %w", err)
	case len(encoded) > maxConnectInfo:
		return fmt.Errorf("connect info of %d bytes: at most %d", len(encoded), maxConnectInfo)
	case c.Auth > AuthLimelight:
		return fmt.Errorf("authentication mode %d: must be off, on, adobe or limelight", c.Auth)
	case c.Handshake > HandshakeDigest:
		return fmt.Errorf("handshake mode %d: must be auto, simple or digest", c.Handshake)
	case len(c.Username) > maxCredential || len(c.Password) > maxCredential:
		return fmt.Errorf("user name of %d and password of %d bytes: at most %d each", len(c.Username), len(c.Password), maxCredential)
	}
	return nil
}
