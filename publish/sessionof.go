package publish

import "rtmpwriter/rtmp"

// Session is what the options say of a session: where to, and how. It is for
// programs that look at a server without publishing, as `rtmpwriter check`
// does. The error is that of Validate.
func (o *Options) Session() (*rtmp.URL, rtmp.Config, error) {
	if err := o.Validate(); err != nil {
		return nil, rtmp.Config{}, err
	}
	u, err := o.ParseURL()
	return u, rtmp.Config{}, err
}
