package rtmp

import (
	"fmt"

	"rtmpwriter/rtmp/internal/auth"
)

// refusal says why a demand can't be met, empty when it can.
func (l *login) refusal(c *Conn, d auth.Demand) string {
	kind := d.Kind.String()
	if d.Kind == auth.Unknown {
		kind = l.kind.String()
		if d.Mod != "" {
			kind = c.redact.words(d.Mod)
		}
	}
	switch {
	case l.stranger && l.user == "":
		return fmt.Sprintf("the server asks for authentication (%s): another one has named it, and without TLS user name and password go only to the host that they were given for", kind)
	case l.user == "" && l.cfg.Username != "":
		return fmt.Sprintf("the server asks for authentication (%s), and auth is off: set it to on", kind)
	case l.user == "":
		return fmt.Sprintf("the server asks for authentication (%s): give username and password", kind)
	case d.Stage == auth.Refused:
		return fmt.Sprintf("the server refused the user name or the password (%s: %s)", kind, c.redact.words(d.Reason))
	case l.stage == stageAnswered:
		return fmt.Sprintf("the server refused the user name or the password (%s: it asks again)", kind)
	case d.Kind == auth.Unknown && d.Mod != "":
		return fmt.Sprintf("the server asks for authentication of a kind that is not known (%s)", kind)
	case l.kind == auth.Unknown && d.Kind == auth.Unknown:
		return "the server asks for authentication and does not say for which: set auth to adobe or limelight"
	case l.kind != auth.Unknown && d.Kind != auth.Unknown && d.Kind != l.kind:
		return l.otherKind(kind)
	case l.stage == stageNamed && d.Stage == auth.NeedName:
		return fmt.Sprintf("the server was told the user name and asks for it again (%s)", kind)
	}
	return ""
}

// otherKind says that the server asks for another kind than the one under way.
func (l *login) otherKind(kind string) string {
	if kinds[l.cfg.Auth] == auth.Unknown {
		return fmt.Sprintf("the server asked for %s authentication first, and now for %s", l.kind, kind)
	}
	return fmt.Sprintf("the server asks for %s authentication, not for %s: set auth to %s, or to on", kind, l.kind, kind)
}
