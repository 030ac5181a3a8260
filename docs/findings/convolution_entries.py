ENTRIES=[]
ALL=('torch','tensorflow','jax')
def add(family,backends,name,item,properties,kase,reason,**k):
    ENTRIES.append(dict(family=family,backends=backends,name=name,item=item,properties=properties,case=kase,reason=reason,**k))
def sp(item,n): return (n,)*rank(item)
EVERYTHING=['values','gradients','exact','losses','constraint','dtype','mask','config','save','compiled']
M=[[True,False],[True,True]]
for item in CONV+DW+SEP+CT:
    r=rank(item); s=slug(item); cl=(2,*sp(item,4),2)
    nones=[['bias_initializer']]; others=[f'{k}_initializer' for k in KERN[item]]
    for i in range(1,2**len(others)):
        nones.append(sorted(['bias_initializer']+[o for j,o in enumerate(others) if i>>j&1]))
    add('convolution',ALL,f'{s}-bias-initializer-none',item,['initial'],lambda item=item,cl=cl: case(item,{'bias_initializer':None},cl),'bias_initializer=None is documented as "zeros" and draws random numbers',when={'none':nones},shows={'initial':'initial bias'})
    for arg in [f'{k}_regularizer' for k in (*KERN[item],'bias','activity')]:
        short=arg.split('_')[0]
        add('convolution',ALL,f'{s}-l1-config-{short}',item,['config'],lambda item=item,cl=cl,arg=arg: case(item,{arg:'l1'},cl),'the factor of L1 comes back rounded to float32',dtypes=['float32'],when={f'config.{arg}':['l1']},shows={'config':'0.009999999776482582'},link='https://keras.io/api/layers/regularizers/')
        add('convolution',ALL,f'{s}-l1-float64-{short}',item,['losses'],lambda item=item,cl=cl,arg=arg: case(item,{arg:'l1'},cl,'float64','normal'),'the factor of L1 is rounded to float32',dtypes=['float64'],when={f'config.{arg}':['l1']},ceiling={'losses':1e8},link='https://keras.io/api/layers/regularizers/')
    if item in DW+SEP:
        add('convolution',ALL,f'{s}-strides-with-dilation',item,['invalid'],lambda item=item,r=r: case(item,{'strides':2,'dilation_rate':2},(2,*sp(item,5),2)),'strides and a dilation above 1 together are documented to raise ValueError and are accepted',when={'config.strides':['set'],'config.dilation_rate':['set']},shows={'invalid':'one must be 1'})
    if item in CT:
        add('convolution',('tensorflow','jax'),f'{s}-rank',item,['invalid'],lambda item=item,r=r: case(item,{},(2,*sp(item,5),2,2)),'an input with an axis too many raises IndexError, not ValueError',when={'rank':[r+3]},shows={'invalid':'IndexError'})
    # TensorFlow: bias of channels_first
    L1={'$item':'regularizers.L1','config':{'l1':0.5}}
    batch={'conv3d':2,'separable-conv1d':5,'separable-conv2d':4,'conv3d-transpose':4}.get(s,3)
    bcfg=({'kernel_size':1} if item in DW else {'kernel_size':1,'filters':2})|{'data_format':'channels_first','activity_regularizer':L1}
    why='with channels_first, a bias as long as the last axis of the output is added along that axis'
    wh={'config.data_format':['channels_first'],'bias_as_long_as_last_axis':[True]}
    add('convolution',('tensorflow',),f'{s}-bias-axis',item,['values','gradients','exact','losses','save','compiled','laws'],[lambda item=item,c=bcfg,n=n,r=r: case(item,c,(n,2,*sp(item,2)),w={'bias':[1,-3]}) for n in (4,2,8,1,6,16)],why,when=wh,no_ceiling='the bias lands on other elements')
    add('convolution',('tensorflow',),f'{s}-bias-axis-special',item,['special'],lambda item=item,c=bcfg: case(item,c,(2,2,*sp(item,2)),family='signed_zeros',w={'bias':[1,-3]}),why,when=wh)
    add('convolution',('tensorflow',),f'{s}-bias-axis-mixed',item,['mixed'],lambda item=item,c=bcfg: case(item,c,(2,2,*sp(item,2)),'bfloat16',w={'bias':[1,-3]}),why,when=wh)
    lcfg={k:v for k,v in bcfg.items() if k!='data_format'}
    add('convolution',('tensorflow',),f'{s}-bias-axis-laws',item,['laws'],lambda item=item,c=lcfg: case(item,c,(2,*sp(item,2),2),w={'bias':[1,-3]}),why,shows={'laws':'layouts: channels_first'},dtypes=['float32'])
    # softmax and gelu
    act='https://keras.io/api/layers/activations/'
    if item not in DW:
        for fam,pr in (('normal',['values','save','compiled']),('signed_zeros',['special'])):
            add('convolution',('tensorflow',),f'{s}-softmax-flush'+('' if fam=='normal' else '-special'),item,pr,lambda item=item,fam=fam: case(item,{'kernel_size':1,'activation':'softmax','use_bias':False},(1,*sp(item,2),1),family=fam,x=np.ones((1,*sp(item,2),1)),w={('kernel' if item not in SEP else 'depthwise_kernel'):([0,-87] if item not in SEP else [1]),'pointwise_kernel':[0,-87]}),'softmax gives 0 for results below 2^-125',when={'config.activation':['softmax']},dtypes=['float32'],ceiling={p:1e5 for p in pr},link=act)
        x=np.ones((1,*sp(item,2),1)); x.flat[0]=np.nan
        k1={'kernel_size':1,'activation':'softmax','data_format':'channels_first'}
        add('convolution',('tensorflow',),f'{s}-softmax-nan',item,['special'],lambda item=item,x=x,k1=k1: case(item,k1,(1,1,*sp(item,2)),family='nan',x=x.reshape(1,1,*sp(item,2))),'softmax hides NaN: it is in one element of a slice and 0 in others',when={'config.activation':['softmax'],'family':['nan','infinite','huge']},shows={'special':'expected nan'},link=act)
    pr=['values','gradients','losses']
    for fam,pr in (('normal',['values','gradients','losses']),('subnormal',['special'])):
        add('convolution',('tensorflow',),f'{s}-gelu-float64'+('' if fam=='normal' else '-special'),item,pr,lambda item=item,cl=cl,fam=fam: case(item,{'activation':'gelu','activity_regularizer':'l2'},cl,'float64',fam),'gelu of float64 uses a constant rounded to float32',when={'config.activation':['gelu']},dtypes=['float64'],ceiling={p:1e8 for p in pr},link=act)
    # TensorFlow: empty batch
    if item not in CT:
        why0='an empty batch gives the spatial shape of the input instead of that of the output'
        add('convolution',('tensorflow',),f'{s}-empty-batch',item,['special','exact'],lambda item=item: case(item,{'kernel_size':2},(0,*sp(item,4),2)),why0,when={'batch':[0]},shows={'special':'shape (0,','exact':'shapes [(0,'})
        props=['special','exact','dtype','config','mask']
        cands=[lambda item=item,df=df,d=d,f=f: case(item,{'kernel_size':2,'data_format':df,'dilation_rate':d,'filters':f if item not in DW else DROP,'depth_multiplier':f if item in DW else DROP},(0,2,*sp(item,4)) if df=='channels_first' else (0,*sp(item,4),2),mask=np.ones((0,4),bool)) for df in ('channels_first','channels_last') for d in (1,2) for f in (3,5)]
        add('convolution',('tensorflow',),f'{s}-empty-batch-raises',item,props,cands,why0+', to which what follows does not fit',when={'batch':[0]},shows={p:'InvalidArgumentError' for p in props})
    # TensorFlow: transposed with too small an output
    if item in CT:
        cfg={'kernel_size':2,'strides':2,'padding':'same','output_padding':0,'kernel_constraint':'non_neg','activity_regularizer':L1}
        whyp='an output shorter than "same" padding without output_padding gives raises'
        whn={'config.padding':['same','SAME'],'config.output_padding':['set']}
        pr=['values','gradients','exact','losses','dtype','constraint','mask','config','save','compiled','laws']
        for suffix,dt,fam,pr in (('','float32','ones',pr),('-special','float32','signed_zeros',['special']),('-mixed','bfloat16','ones',['mixed'])):
            add('convolution',('tensorflow',),f'{s}-same-output-padding{suffix}',item,pr,lambda item=item,cfg=cfg,cl=cl,dt=dt,fam=fam: case(item,cfg,cl,dt,fam,mask=np.ones((2,4),bool)),whyp,when=whn,shows={p:'BackpropInput' for p in pr},no_ceiling='it raises')
    if item not in DW:
        xx=np.ones((2,*sp(item,4),3)); xx.reshape(2,-1,3)[:,1,0]=np.nan
        add('convolution',('tensorflow',),f'{s}-nan-leaks',item,['special','losses'],lambda item=item,xx=xx: case(item,{'kernel_size':1,'activity_regularizer':L1},xx.shape,'bfloat16','nan',x=xx),'a value that is not finite reaches the position before it, where the number of channels is odd',when={'family':['nan','infinite']},dtypes=['bfloat16'],shows={'special':'nan at','losses':'nan at'})
add('convolution',('torch',),'conv1d-transpose-float64-gradient','Conv1DTranspose',['gradients'],lambda: case('Conv1DTranspose',{'filters':4,'kernel_size':3},(2,4,1),'float64','normal'),'the gradient of the kernel raises RuntimeError for one input channel',dtypes=['float64'],shows={'gradients':'grad_weight needs to be contiguous'},no_ceiling='it raises')

for item in MP+AP:
    r=rank(item); s=slug(item); cl=(2,*sp(item,4),2)
    add('pooling',ALL,f'{s}-padding-case',item,['shape','save','compiled'],lambda item=item,cl=cl: case(item,{'padding':'SAME'},cl,family='normal'),'padding is documented as case-insensitive; upper case raises when shapes are inferred',when={'config.padding':['SAME','VALID']},shows={p:"must be either 'valid' or 'same'" for p in('shape','save','compiled')})
    add('pooling',('torch','tensorflow'),f'{s}-padding-unknown',item,['invalid'],lambda item=item: case(item,{'padding':'full','pool_size':2},(2,*sp(item,5),2)),'a padding that is neither "valid" nor "same" is accepted'+' or raises another error than ValueError',when={'config.padding':['full','causal']})
    add('pooling',('tensorflow','jax'),f'{s}-strides-zero',item,['invalid'],lambda item=item: case(item,{'strides':0,'pool_size':2},(2,*sp(item,5),2)),'strides=0 is accepted and raises another error than ValueError when called',when={'config.strides':[0]})
for item in AP:
    r=rank(item); s=slug(item); cl=(2,*sp(item,5),2)
    why='uneven "same" padding counts positions outside of the input'; wh={'config.padding':['same','SAME']}
    add('pooling',('torch',),f'{s}-same-padding',item,['values','gradients','exact','save','compiled'],lambda item=item: case(item,{'pool_size':3,'padding':'same'},(2,*sp(item,2),2),family='iota'),why,when=wh,no_ceiling='other elements are averaged')
    add('pooling',('torch',),f'{s}-same-padding-special',item,['special'],lambda item=item: case(item,{'pool_size':3,'padding':'same'},(2,*sp(item,2),2),family='subnormal' if 0 else 'huge'),why,when=wh)
    add('pooling',('torch',),f'{s}-same-padding-mixed',item,['mixed'],lambda item=item: case(item,{'pool_size':3,'padding':'same'},(2,*sp(item,2),2),'bfloat16',family='iota'),why,when=wh)
    txt='smaller than kernel size'
    pr=['values','gradients','exact','dtype','config','mask','save','compiled','laws']
    add('pooling',('torch',),f'{s}-same-large-window',item,pr,lambda item=item: case(item,{'pool_size':(3,)+(1,)*(rank(item)-1) if rank(item)>1 else 3,'padding':'same','strides':1},(2,*sp(item,1),2),family='ones',mask=np.ones((2,1),bool)),'a window larger than the input raises RuntimeError although "same" padding makes room for it',when=wh,shows={p:txt for p in pr},no_ceiling='it raises')
    add('pooling',('torch',),f'{s}-same-large-window-special',item,['special'],lambda item=item: case(item,{'pool_size':(3,)+(1,)*(rank(item)-1) if rank(item)>1 else 3,'padding':'same','strides':1},(2,*sp(item,1),2),family='signed_zeros'),'a window larger than the input raises RuntimeError although "same" padding makes room for it',when=wh,shows={'special':txt})
for item in MP:
    s=slug(item); x=np.arange(1.0,1+2*4**rank(item)*2).reshape(2,*sp(item,4),2)
    y=x.copy(); y[0]=-np.inf
    for dt in ('float32','float16','float64','bfloat16'):
        if dt in('float16','float64') and rank(item)==3: continue
        add('pooling',('tensorflow',),f'{s}-infinite-{dt}',item,['special'],lambda item=item,y=y,dt=dt: case(item,{},y.shape,dtype=dt,family='infinite',x=y),'a window of -inf gives the lowest finite number',when={'family':['infinite']},dtypes=[dt],shows={'special':'expected -inf'})
        z=x.copy(); z[0]=np.nan
        add('pooling',('tensorflow',),f'{s}-nan-{dt}',item,['special'],lambda item=item,z=z,dt=dt: case(item,{},z.shape,dtype=dt,family='nan',x=z),'a window of nan gives the lowest finite number',when={'family':['nan']},dtypes=[dt],shows={'special':'matches no reading'})
for item in GM:
    s=slug(item); pr=['special','exact','dtype','config','mask']
    add('pooling',('torch','tensorflow'),f'{s}-empty-batch',item,pr,lambda item=item: case(item,{},(0,*sp(item,2),2),mask=np.ones((0,2),bool)),'an empty batch raises, though no maximum is taken of nothing',when={'batch':[0]},shows={p:'Cannot compute the max of an empty tensor' for p in pr})
for item in GA:
    s=slug(item); cl=(2,*sp(item,3),2)
    add('pooling',('torch',),f'{s}-float64',item,['values','gradients'],lambda item=item,cl=cl: case(item,{},cl,'float64','normal'),'the mean of float64 is computed in float32',dtypes=['float64'],ceiling={'values':1e9,'gradients':1e9})
    add('pooling',('torch',),f'{s}-float64-special',item,['special'],lambda item=item,cl=cl: case(item,{},cl,'float64','nan'),'the mean of float64 is computed in float32',dtypes=['float64'],ceiling={'special':1e9})
