package publish

import "fmt"

// checkTogether refuses options that contradict each other.
func (o *Options) checkTogether() error {
	const both = "the client's certificate and its key go together: give %s too"
	switch {
	case o.TLSCertFile != "" && o.TLSKeyFile == "":
		return &OptionError{Name: "tls-cert-file", Value: o.TLSCertFile, Reason: fmt.Sprintf(both, "tls-key-file")}
	case o.TLSKeyFile != "" && o.TLSCertFile == "":
		return &OptionError{Name: "tls-key-file", Value: o.TLSKeyFile, Reason: fmt.Sprintf(both, "tls-cert-file")}
	}
	return nil
}
