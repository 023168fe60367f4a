package publish

import (
	"fmt"

	"rtmpwriter/rtmp"
)

// sessionConfig is what the options say of a session with the server.
func (p *Publisher) sessionConfig() (rtmp.Config, error) {
	o := &p.options
	info, err := parseConnectInfo(o.ConnectInfo)
	if err != nil {
		return rtmp.Config{}, err
	}
	return rtmp.Config{
		Dial: p.dial, Logger: p.log, OnStatus: p.serverSaid,
		TLS:       p.tls,
		ChunkSize: o.ChunkSize, SocketBuffer: o.SocketBufferSize, TCPNoDelay: o.TCPNoDelay,
		ConnectTimeout: o.ConnectTimeout, SendTimeout: o.SendTimeout, ReceiveTimeout: o.ReceiveTimeout, PeerTimeout: o.PeerTimeout,
		PublishMode: o.PublishMode, ClientAgent: o.ClientAgent, ConnectInfo: info, Handshake: o.Handshake,
		Auth: o.Auth, Username: o.Username, Password: o.Password,
		FallbackPorts: o.FallbackPorts, FallbackTunnel: o.FallbackTunnel, Bind: o.Bind,
	}, nil
}

// The longest texts that a session takes, in bytes, as package rtmp has them.
const (
	maxWord = 1024 // client agent, user name, password
	maxInfo = 8192 // connect info: what it becomes is shorter than twice the text
)

// checkSession refuses what can't be told to a server: texts that are too long,
// connect info that was put into the struct and is no flat object, and a way of
// authentication without anybody who could use it. u is the URL, which may name
// the user.
func (o *Options) checkSession(u *rtmp.URL) error {
	for _, f := range []struct {
		name string
		size int
		most int
	}{
		{"username", len(o.Username), maxWord}, {"password", len(o.Password), maxWord},
		{"client-agent", len(o.ClientAgent), maxWord}, {"connect-info", len(o.ConnectInfo), maxInfo},
	} {
		if f.size > f.most {
			return &OptionError{Name: f.name, Value: "****", Reason: fmt.Sprintf("has %d bytes, more than %d", f.size, f.most)}
		}
	}
	if _, err := parseConnectInfo(o.ConnectInfo); err != nil {
		return &OptionError{Name: "connect-info", Value: "****", Reason: err.Error()}
	}
	if o.Auth != rtmp.AuthAdobe && o.Auth != rtmp.AuthLimelight || o.Username != "" || u.Username != "" {
		return nil
	}
	word := authModes[o.Auth]
	return &OptionError{Name: "auth", Value: word, Reason: word + " needs username and password; on waits for what the server asks for"}
}
