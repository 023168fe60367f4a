package rtmp

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rtmpwriter/amf0"
)

// Capabilities are what a publisher can do beyond RTMP 1.0, as the command
// object of connect tells them in capsEx (Enhanced RTMP v2, section "Enhancing
// NetConnection connect Command").
type Capabilities uint8

// The capabilities that help who publishes. The protocol has more, which speak
// of receiving; and lists of codecs, which H.264 and AAC have no need of.
const (
	// CapReconnect tells that a ReconnectRequest is honoured: servers send one
	// only to who has said so.
	CapReconnect Capabilities = 1 << iota
)

// properties are what connect has of them, behind the other properties.
func (c Capabilities) properties() amf0.Object {
	if c == 0 {
		return nil
	}
	return amf0.Object{{Name: "capsEx", Value: float64(c)}}
}

// checkCapabilities refuses promises that would not be kept.
func (c Config) checkCapabilities() error {
	switch {
	case c.Capabilities&^CapReconnect != 0:
		return fmt.Errorf("capabilities %#x: there is only %#x", c.Capabilities, CapReconnect)
	case c.Capabilities&CapReconnect != 0 && c.OnReconnectRequest == nil:
		return errors.New("capability of connecting anew: needs OnReconnectRequest")
	}
	return nil
}

// otherReasons are codes, in lower case, by which a server refuses connect for a
// reason of its own.
var otherReasons = []string{"netconnection.connect.invalidapp", "netconnection.connect.appshutdown", "netconnection.connect.closed"}

// chokes tells whether a server may have failed at the capabilities that connect
// told: it went away without a word, stayed silent, sent what is no RTMP, or
// refused without another reason that is clear. Refused credentials are one.
func chokes(err error) bool {
	var (
		op       *OpError
		status   *StatusError
		closed   *silentCloseError
		late     *timeoutError
		protocol *ProtocolError
	)
	if !errors.As(err, &op) || op.Op != opConnect {
		return false
	}
	if errors.As(err, &status) {
		words := strings.ToLower(status.Description)
		return !slices.Contains(otherReasons, strings.ToLower(status.Code)) &&
			!slices.ContainsFunc(authenticationWords, func(s string) bool { return strings.Contains(words, s) })
	}
	return errors.As(err, &closed) || errors.As(err, &late) || errors.As(err, &protocol)
}
