package publish

import (
	"fmt"
	"strconv"
	"strings"
)

// checkTogether refuses options that contradict each other, and URLs where a name
// belongs: it would be told by every error of the connection.
func (o *Options) checkTogether() error {
	const both = "the client's certificate and its key go together: give %s too"
	switch {
	case o.TLSCertFile != "" && o.TLSKeyFile == "":
		return &OptionError{Name: "tls-cert-file", Value: o.TLSCertFile, Reason: fmt.Sprintf(both, "tls-key-file")}
	case o.TLSKeyFile != "" && o.TLSCertFile == "":
		return &OptionError{Name: "tls-key-file", Value: o.TLSKeyFile, Reason: fmt.Sprintf(both, "tls-cert-file")}
	case o.BitrateCeiling > 0 && o.BitrateCeiling < o.BitrateFloor:
		return &OptionError{Name: "bitrate-ceiling", Value: strconv.Itoa(o.BitrateCeiling), Reason: fmt.Sprintf("below bitrate-floor, which is %d", o.BitrateFloor)}
	case strings.Contains(o.TLSServerName, "/"):
		return &OptionError{Name: "tls-server-name", Value: "****", Reason: "must be a name alone, without the rest of a URL"}
	case strings.Contains(o.Bind, "/"):
		return &OptionError{Name: "bind", Value: "****", Reason: "must be an address or an interface of this machine"}
	}
	return nil
}

// idle are the options that are given and have no effect as the others are.
func (o *Options) idle() (list []string) {
	if o.LatencyCap > 0 && !o.LiveMode {
		list = append(list, "latency-cap has no effect without live-mode")
	}
	if o.OutageSpool != "" && o.OutageBuffer == 0 {
		list = append(list, "outage-spool has no effect without outage-buffer")
	}
	return list
}
