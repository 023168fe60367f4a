package dshow

import (
	"errors"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
)

// Answer is the HRESULT that says what an error is about.
func Answer(err error) com.HRESULT {
	var (
		option *publish.OptionError
		badURL *rtmp.URLError
		track  *publish.TrackError
		auth   *rtmp.AuthError
		status *rtmp.StatusError
		lost   *publish.ReconnectError
		op     *rtmp.OpError
	)
	switch {
	case err == nil:
		return com.OK
	case errors.As(err, &option), errors.As(err, &badURL), errors.Is(err, errNoURL):
		return com.BadOption
	case errors.As(err, &track):
		return com.TypeNotAccepted
	case errors.As(err, &auth):
		return com.NetAuth
	case errors.As(err, &status):
		return com.NetRefused
	case errors.Is(err, ErrStreaming):
		return com.WrongState
	case errors.As(err, &lost):
		return com.NetLost
	case errors.As(err, &op) && (op.Op == "read" || op.Op == "write" || op.Op == "close"):
		return com.NetLost
	case errors.As(err, &op):
		return com.NetConnect
	case errors.Is(err, publish.ErrClosed):
		return com.Abort
	}
	return com.Fail
}
