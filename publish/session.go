package publish

import (
	"crypto/tls"
	"fmt"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp"
)

// Session is what the options say of a session: where to, and how. It is for
// programs that look at a server without publishing, as `rtmpwriter check`
// does. The error is that of Validate, or an *OptionError for a file that an
// option names.
func (o *Options) Session() (*rtmp.URL, rtmp.Config, error) {
	if err := o.Validate(); err != nil {
		return nil, rtmp.Config{}, err
	}
	u, err := o.ParseURL()
	if err != nil {
		return nil, rtmp.Config{}, err
	}
	c, err := o.sessionConfig(nil)
	return u, c, err
}

// sessionConfig is all that the options say of how to talk to a server, with
// the files that they name. given is the program's own configuration of TLS, or
// nil.
func (o *Options) sessionConfig(given *tls.Config) (rtmp.Config, error) {
	info, err := o.connectInfo()
	if err != nil {
		return rtmp.Config{}, err
	}
	proxy, err := o.proxy()
	if err != nil {
		return rtmp.Config{}, err
	}
	config, err := o.tlsConfig(given)
	if err != nil {
		return rtmp.Config{}, err
	}
	return rtmp.Config{
		ChunkSize: o.ChunkSize, SocketBuffer: o.SocketBufferSize, TCPNoDelay: o.TCPNoDelay,
		ConnectTimeout: o.ConnectTimeout, SendTimeout: o.SendTimeout, ReceiveTimeout: o.ReceiveTimeout, PeerTimeout: o.PeerTimeout,
		PublishMode: o.PublishMode, ClientAgent: o.ClientAgent, ConnectInfo: info, Handshake: o.Handshake,
		Auth: o.Auth, Username: o.Username, Password: o.Password,
		FallbackPorts: o.FallbackPorts, FallbackTunnel: o.FallbackTunnel, Bind: o.Bind,
		Proxy: proxy, TLS: config, NotSentLowWater: o.notSentLowWater(),
	}, nil
}

// notSentLowWater keeps a backlog here where something must be left out of it: of
// what the socket holds unsent nothing can be.
func (o *Options) notSentLowWater() int {
	if o.LiveMode && o.LatencyCap > 0 {
		return 32 << 10
	}
	return 0
}

func (o *Options) connectInfo() (amf0.Object, error) {
	info, err := parseConnectInfo(o.ConnectInfo)
	if err != nil {
		return nil, &OptionError{Name: "connect-info", Value: "****", Reason: err.Error()}
	}
	return info, nil
}

// The longest texts that a session takes, in bytes, as package rtmp has them.
const (
	maxWord = 1024 // client agent, user name, password
	maxInfo = 8192 // connect info: what it becomes is shorter than twice the text
)

// checkSession refuses what can't be told to a server: texts that are too long,
// connect info that was put into the struct and is no flat object, and a way of
// authentication without anybody who could use it. The URLs may name the user.
func (o *Options) checkSession(urls []*rtmp.URL) error {
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
	if _, err := o.connectInfo(); err != nil {
		return err
	}
	if o.Auth != rtmp.AuthAdobe && o.Auth != rtmp.AuthLimelight || o.Username != "" {
		return nil
	}
	for _, u := range urls {
		if u.Username == "" {
			word := authModes[o.Auth]
			return &OptionError{Name: "auth", Value: word, Reason: word + " needs username and password; on waits for what the server asks for"}
		}
	}
	return nil
}
